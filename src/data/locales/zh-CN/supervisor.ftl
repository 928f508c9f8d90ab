# Words of the supervisor pages.
