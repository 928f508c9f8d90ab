# Words of the messages that are sent: SMS, e-mail, inbox.
