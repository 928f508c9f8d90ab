# The clock of a case: its runs and pauses, and how the due time was computed (CLK-3, CLK-5)

clock-line = How the clock ran
clock-to = to
clock-spent = Working time: { $text }
clock-now = now
clock-until = Due { $text }
clock-missed = Marked as missed on { $text }
clock-asked-by = Asked by { $text }
clock-agency = the agency
clock-not-counted = not counted

clock-begun-submit = Application received: the clock starts
clock-begun-accept = First answer given: goes on to the limit for the whole case
clock-begun-supplement = Supplement received: the full term starts anew
clock-begun-reopen = Reopened: the full term starts anew
clock-begun-redate = Due time counted anew by the holiday arrangement

clock-begun-set-urgency = Became urgent: the term is shorter

clock-paused-supplement = Stands still: waits for the applicant's supplement
clock-paused-other-agency = Stands still: waits for another agency's answer
clock-paused-institution = Stands still: waits for the institution's assessment
clock-paused-signature = Stands still: waits for the applicant's signature

clock-step-submit = { $day } filed, not counted
clock-step-accept = { $day } filed, not counted
clock-step-supplement = { $day } supplement received, starts anew, not counted
clock-step-reopen = { $day } reopened, starts anew, not counted
clock-step-redate = { $day } start, not counted
clock-step-set-urgency = { $day } filed, not counted
clock-step-urgent = { $day } { $time } urgent from then on, { $hours } working hours
clock-step-counted = { $day } working day, counted
clock-step-weekend = { $day } weekend, not counted
clock-step-holiday = { $day } holiday, not counted
clock-step-due = { $day } { $time } due
clock-step-provisional = touches a year without a holiday arrangement: provisional
clock-step-paused-supplement = { $day } paused for the applicant's supplement; starts anew when it arrives
clock-step-paused-other-agency = { $day } paused for another agency's answer; starts anew when it arrives
clock-step-paused-institution = { $day } paused for the institution's assessment; starts anew when it arrives
clock-step-paused-signature = { $day } paused for the applicant's signature; starts anew when it is there
