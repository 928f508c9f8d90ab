# Words of the employer pages.
