# Words of the admin pages.

admin-outbox = Messages not sent
admin-outbox-lead = Neither recipients nor contents are shown here. The list holds the pool you administer only; the figures below are those of the whole service. Times are the server's.
admin-outbox-dead = Given up
admin-outbox-waiting = Waiting
admin-outbox-count-dead = Messages given up
admin-outbox-count-waiting = Messages waiting
admin-outbox-next = Next attempt
admin-outbox-id = Number of the message
admin-outbox-kind = Kind of notice
admin-outbox-pool = Pool
admin-outbox-attempts = Attempts
admin-outbox-error = Why the last attempt failed
admin-outbox-no-error = None failed
admin-outbox-do = Action
admin-outbox-retry = Try again
admin-outbox-retried = The message waits again and will be sent as soon as possible.
admin-outbox-no-dead = No message has been given up.
admin-outbox-no-waiting = No message is waiting.

admin-notice-received = Application received
admin-notice-supplement-requested = Supplement requested
admin-notice-resumed = Supplement received
admin-notice-approved = Approved
admin-notice-refused = Refused
admin-notice-not-accepted = Not accepted
admin-notice-withdrawn = Withdrawn
admin-notice-lapse-reminder = Reminder of a supplement
admin-notice-lapsed = Lapsed without supplement
admin-notice-breached = Deadline missed
admin-notice-reopened = Reopened
admin-notice-obligation-reminder = Reminder of a deferred document
admin-notice-half-time = Half-time warning
admin-notice-last-hour = Last-hour warning
admin-notice-redated = Deadline moved
admin-notice-assigned = Case assigned
admin-notice-breached-at-desk = Breach, to the desk
