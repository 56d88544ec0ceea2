"""Why a recommendation is as it is: its points, computed again from what it was made of."""
