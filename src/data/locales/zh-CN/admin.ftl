# Words of the admin pages.
