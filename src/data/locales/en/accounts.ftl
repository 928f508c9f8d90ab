# Words of the accounts pages.
