"""Why a plan is as it is: parts of it are changed, and the changes are replayed."""
