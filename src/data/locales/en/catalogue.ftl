# The catalogue of drugs and services, for administrators.

admin-catalogue = Catalogue of drugs and services
drugs-lead = Classes and temporary lists with their days. The catalogue is imported as a whole by the command line; what was settled before keeps its classes.
drugs-version = Version { $number }
drugs-entries = { $count } entries
drugs-search = Name, pinyin initials or code
drugs-find = Search
drugs-all = Show all
drugs-none = Nothing in the catalogue fits.
drugs-none-imported = No catalogue has been imported yet.
drugs-code = Code
drugs-name = Name
drugs-sort = What it is
drugs-sort-drug = Drug
drugs-sort-service = Service
drugs-sort-antigen_test = Antigen test
drugs-sort-follow_up = COVID follow-up check
drugs-unit = Unit
drugs-class = Class
drugs-class-A = Class A
drugs-class-B = Class B
drugs-class-outside = Outside
drugs-own-share = (own share { $share })
drugs-list = List
drugs-list-ordinary = Ordinary catalogue
drugs-list-protocol = COVID protocol
drugs-list-provincial-temporary = Provincial temporary list
drugs-list-third-supplementary = Third supplementary list
drugs-from = First day
drugs-to = Last day

# What the policy packs say of settlements.

policy-key-settlement-deductible-by-admission = Share of the deductible by the number of the stay in the year
policy-key-settlement-cross-region-reduction-care = Care to which the cross-region reduction applies
policy-key-settlement-serious-illness-care = Care that counts for serious-illness insurance
policy-key-settlement-covid-outpatient-care = COVID outpatient: kinds of care
policy-key-catalogue-ordinary = What is eligible by the ordinary catalogue
policy-key-catalogue-protocol-statuses = Patients for whom the protocol's temporary catalogue is
policy-key-subsidy-mixed-stay = A stay with other costs too
policy-option-not-payable = not payable
policy-option-a-in-full-b-less-own-share = class A in full, class B less the own share
policy-option-insurance-in-proportion-to-eligible = insurance is allocated in proportion to eligible amounts
policy-column-admission = From the stay of the year
