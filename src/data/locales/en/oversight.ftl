# Words of the supervisor's work, of public figures and ratings.

oversight-title = Supervision
oversight-as-of = As of { $moment }.
oversight-capped = What is over 1,000 is shown as “1,000+”.
oversight-running = Open, clock running
oversight-due-today = Due today
oversight-at-risk = At risk
oversight-at-risk-means = “At risk” are cases with no more than half a working day left.
oversight-late = Past the deadline, open
oversight-unclaimed = Unclaimed
oversight-escalated = Supervisor’s list
oversight-paused = Waiting for a supplement
oversight-by-item = By item
oversight-by-handler = By handler
oversight-handler = Handler
oversight-held = In hand
oversight-done-today = Decided today
oversight-empty = There are no such cases.

chart-table = See the figures as a table
chart-hour = Hour
chart-day = Day
chart-today = Cases today by the hour
chart-filed = Filed
chart-done = Decided
chart-breached = Deadlines missed
chart-month = Decided in the last 30 days
chart-in-time = In time
chart-late = With a missed deadline
chart-turnaround = Working hours taken, begun hours counted

reassign-title = Give cases to somebody else
reassign-pick = Pick
reassign-pick-of = Pick case { $receipt }
reassign-to = Give to
reassign-reason = Reason
reassign-do = Give the picked cases
reassign-none = Pick at least one case
reassign-outcome = Outcome
reassign-summary = { $done } of { $all } cases given.
reassign-done = Given
reassign-moved-on = Not given: the case has moved on, look again
reassign-in-state = Not given: the case is now “{ $state }”
reassign-partial = Not given: your own or a relative’s case is for another supervisor to give out
reassign-failed = Not given: a fault of the service, try again later

balance-title = Even out the load
balance-lead = This is a proposal, nothing has been moved. It moves only what handlers on duty hold and is due last; what is urgent stays. Nobody gets their own or a relative’s case.
balance-hands = Handlers on duty
balance-now = Cases now
balance-then = Then
balance-even = The load is even; nothing needs to be moved.
balance-moves = Proposed moves
balance-from = From
balance-to = To
balance-do = Make the picked moves

breaches-title = Missed deadlines
breaches-lead = Every missed deadline is entered here; nobody can change or remove one. The cause is stated with the decision.
breaches-empty = No missed deadline fits.
breaches-agency = Agency
breaches-due = Deadline
breaches-at = Missed at
breaches-holder = In whose hand
breaches-nobody = Nobody’s
breaches-words = In words
breaches-not-stated = Not stated yet
breaches-cause-stated = Stated
breaches-cause-none = Not stated yet
breaches-cut = There are more than { $most } entries; this file has the latest { $most }. Narrow the dates and export in parts.
breaches-file-note = A file has 10,000 entries at most.
file-csv = Download as a table (CSV)
period-from = From
period-to = To

follow-ups-title = Follow-ups of ratings
follow-ups-lead = Cases that the applicant gave one or two stars are followed up within one working day, with what was done.
follow-ups-open = To be followed up
follow-ups-closed = Followed up
follow-ups-empty = There are no such tasks.
follow-ups-due = Follow up by { $moment }
follow-ups-overdue = Overdue
follow-ups-words = What was done
follow-ups-close = Close the follow-up
follow-ups-closed-at = Followed up { $moment }
follow-ups-closed-now = Followed up; the applicant has been told.

samples-title = Samples for a second look
samples-lead = Drawn at random from this agency’s finished cases. The same seed and period always draw the same cases; who drew, when and with which seed is recorded.
samples-wanted = How many cases
samples-wanted-hint = 1 to { $most }
samples-seed = Seed
samples-seed-hint = Made for you when empty; an earlier seed repeats its draw
samples-draw = Draw
samples-drawn = Samples drawn
samples-empty = No sample has been drawn yet.
samples-when = Drawn
samples-what = From what
samples-who = By
samples-summary = { $wanted } of { $population } cases finished { $from } to { $to }, seed { $seed }
samples-found = What the second look found
samples-words = What is wrong (needed when something is)
samples-save = Save
samples-not-yet = Not looked at yet
samples-choose = Choose what the second look found
samples-say-what = Say what is wrong, in { $most } characters at most
finding-fine = Nothing wrong
finding-wrong = Something is wrong

rating-title = Rating
rating-lead = This application is finished. You can rate it once; a rating can’t be changed. One or two stars are followed up by a supervisor within one working day.
rating-question = How satisfied are you?
rating-5 = Five stars: very satisfied
rating-4 = Four stars: satisfied
rating-3 = Three stars: neither
rating-2 = Two stars: dissatisfied
rating-1 = One star: very dissatisfied
rating-remark = Anything you want to say
rating-send = Send the rating
rating-stars = { $stars ->
    [one] { $stars } star
   *[other] { $stars } stars
}
rating-yours = Your rating: { $stars ->
    [one] { $stars } star
   *[other] { $stars } stars
}.
rating-followed-up = A supervisor followed it up on { $moment }.

statistics-title = How long it takes
statistics-period = Applications finished { $from } to { $to }
statistics-pool = Pool
statistics-from = First month
statistics-to = Last month
statistics-table = Working time by item and agency
statistics-number = Finished
statistics-in-time = Within the limit
statistics-median = Half took no more than
statistics-p90 = Nine of ten took no more than
statistics-p95 = 95 of 100 took no more than
statistics-median-minutes = Median, working minutes
statistics-p90-minutes = 90th percentile, working minutes
statistics-p95-minutes = 95th percentile, working minutes
statistics-late = Deadlines missed
statistics-causes = Causes
statistics-second = Second supplement requests
statistics-cause = { $cause }: { $count }
statistics-no-cause = none needed (withdrawn or lapsed)
statistics-withheld = not told
statistics-left-out = months with fewer than 5 left out
statistics-empty = Nothing was finished in this period.
statistics-how = How these figures are made
statistics-how-time = Only the agency’s working time counts, from filing to the end; the time in which it waited for the applicant’s supplement does not.
statistics-how-limit = Within the limit means that no deadline was missed. What was withdrawn or lapsed after a missed deadline counts as missed.
statistics-how-few = To protect persons, a month with fewer than 5 cases of an item is not told and counts in no longer period; missed deadlines, causes and second requests from 1 to 4 are “<5” or a range, and what could be worked out from other figures is not told. Nothing is summed over agencies or items; periods are whole months.
statistics-how-begin = Figures begin with the day this page was introduced.
expected-title = Expected time
expected-time = In the last 30 days nine of ten applications were finished within { $time } of working time.

error-words-too-long = No more than { $max } characters
error-period-malformed = The period can’t end before it begins, and has one year at most
error-number-malformed = Enter a whole number
error-sample-size = Enter a number from 1 to { $highest }
error-sample-empty = Nothing was finished in this period; choose another
conflict-already-rated = This application has been rated before; it can’t be rated again.

notice-bad-rating-subject = A bad rating to follow up ({ $receipt })
notice-bad-rating-body = The applicant gave this case one or two stars.
notice-bad-rating-next = Please get in touch before the time above and write down what was done, under Supervision, Follow-ups.
notice-follow-up-overdue-subject = A follow-up is overdue ({ $receipt })
notice-follow-up-overdue-body = The bad rating of this case was not followed up within one working day.
notice-follow-up-overdue-next = Please follow it up now and write down what was done, under Supervision, Follow-ups.
notice-followed-up-subject = Your rating has been followed up ({ $receipt })
notice-followed-up-body = A supervisor has followed up your rating.
notice-followed-up-next = If you are still not satisfied, please call the hotline.
admin-notice-bad-rating = Bad rating to follow up
admin-notice-follow-up-overdue = Follow-up overdue
admin-notice-followed-up = Rating followed up
