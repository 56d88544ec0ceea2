"""What a pull request is shown: `diff_report` decides what it says, `post_comments` posts it."""
