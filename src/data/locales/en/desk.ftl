# Words of the desk pages.
