# Names, fields and materials of the service items.

# Items: names and summaries.

item-cross-region-registration = Cross-region registration
item-cross-region-registration-summary = Register before treatment outside the place where you are insured, so that costs are settled directly.
item-cross-region-change = Change a cross-region registration
item-cross-region-change-summary = Change the place or the dates of a registration you have.
item-cross-region-cancellation = Cancel a cross-region registration
item-cross-region-cancellation-summary = Cancel a registration that you no longer need.
item-reimbursement = Reimbursement of medical costs
item-reimbursement-summary = Claim costs that were not settled directly.
item-chronic-recognition = Recognition of a chronic disease
item-chronic-recognition-summary = Apply for outpatient benefits for diseases such as high blood pressure and diabetes.
item-enrolment = Enrolment
item-enrolment-summary = Enrol a person or an employer in medical insurance.
item-personal-data-change = Change of personal data
item-personal-data-change-summary = Correct name, phone, address and other personal data.
item-institution-change = Change of designated institution
item-institution-change-summary = Choose another designated medical institution.
item-relation-transfer = Transfer of insurance
item-relation-transfer-summary = Take insurance records and your personal account to another place.
item-contribution-base = Declaration of contribution base
item-contribution-base-summary = Employers declare the contribution base of their staff.
item-staff-changes = Staff additions and removals
item-staff-changes-summary = Employers add and remove insured staff.
item-contribution-deferral = Deferral of contributions
item-contribution-deferral-summary = Enterprises in temporary difficulty ask to pay later.
item-institution-agreement = Agreement as designated institution
item-institution-agreement-summary = Hospitals and pharmacies apply for an agreement.
item-benefit-payment = Benefit approval and payment
item-benefit-payment-summary = Have benefits such as maternity allowance approved and paid.
