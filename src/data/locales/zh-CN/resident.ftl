# Words of the resident pages.
