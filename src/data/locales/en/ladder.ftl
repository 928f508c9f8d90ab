# The ladder of a running term (CLK-7): marks on lists, messages about one or several cases.

mark-yellow = Half of the time is over
mark-red = Last working hour

notice-expected = You can now expect our answer by: { $moment }
notice-unassigned = No handler on duty could be given the case. Please arrange for one.
notice-count = Number of cases: { $count }
notice-receipts = Receipt numbers (five at most): { $receipts }

notice-half-time-many-subject = Half of the time limit of several cases has passed
notice-half-time-many-body = Half of the time limit of these cases has passed and they have not been answered yet.
notice-half-time-many-next = Please deal with them soon; your desk lists all of them.

notice-last-hour-many-subject = One working hour left for several cases
notice-last-hour-many-body = One working hour of the time limit of these cases is left and they have not been answered yet.
notice-last-hour-many-next = Please deal with them now; your desk lists all of them. If that is not possible, tell your supervisor at once.

notice-assigned-many-subject = Several cases have been assigned to you
notice-assigned-many-body = These cases have been assigned to you.
notice-assigned-many-next = Please open them on your desk, under "My cases".

notice-breached-at-desk-many-subject = The deadlines of several cases were missed
notice-breached-at-desk-many-body = These cases were not completed within their time limit. The breaches have been recorded and the cases are on the supervisor's list.
notice-breached-at-desk-many-next = The supervisor assigns them anew or decides them; a decision has to state the cause of the breach.

admin-notice-half-time-many = Half-time of several cases
admin-notice-last-hour-many = Last hour of several cases
admin-notice-assigned-many = Several cases assigned
admin-notice-breached-at-desk-many = Deadlines missed at the desk

error-too-many-cases = At most 200 cases can be reassigned at once. Please do it in parts
