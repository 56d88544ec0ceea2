"""What a pull request is told: two versions compared, what the analysers find of it, the page."""
