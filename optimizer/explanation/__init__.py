"""Why a plan is as it is, found by changing it and following what was changed."""
