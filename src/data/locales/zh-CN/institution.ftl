# Words of the institution pages.
