# Names, fields and materials of the service items.
