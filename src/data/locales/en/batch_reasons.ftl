# Uploaded lists: what is wrong with the whole file, and why a row comes back.

error-sheet-too-large = The file is larger than { $megabytes } MB. Remove sheets, pictures and formats that are not needed, or upload it in several files
error-sheet-type = This is no spreadsheet. Upload an XLSX or CSV file; there is a template to download
error-sheet-old-format = This is a file of an old Excel (.xls). Open it in a spreadsheet program and save it as "Excel workbook (.xlsx)", then upload that
error-sheet-encrypted = The file has a password and cannot be read. Save it without a password, then upload it
error-sheet-macros = The file contains macros. Save it as an "Excel workbook (.xlsx)" without macros, then upload that
error-sheet-bomb = What is in the file is far larger than a list. Copy the list into a newly downloaded template, save it and upload that
error-sheet-broken = The file is incomplete or damaged. Open it in a spreadsheet program, save it as XLSX and upload that
error-sheet-encoding = The text encoding is not known. Save it as "CSV UTF-8" or XLSX, then upload it
error-sheet-quotes = A quotation mark in row { $row } has no partner, so the rows after it can't be told apart. Correct that row, or save the list as XLSX
error-sheet-columns-missing = Columns are missing: { $columns }. Keep the first row of the template
error-sheet-columns-unknown = These columns are not known: { $columns }. Delete them, or correct their names by the template
error-sheet-columns-double = These columns come twice: { $columns }. Each name may come once
error-sheet-merged = The cells { $range } are merged. Undo the merge, fill in every row and upload the list again
error-sheet-no-rows = Nothing stands beneath the headings. Fill in one row for each person from the second row on
error-sheet-too-many-rows = A file may have { $most } rows; divide the list into several files

error-cell-formula = The cell holds a formula. Copy the column, paste it as values and upload the list again
error-cell-error = The cell holds an error value and cannot be read. Fill it in again
error-cell-number-not-text = The cell is formatted as a number, and the spreadsheet program may have changed its last digits. Format the column as text first, then enter the whole number again from the document
error-cell-number-not-day = The cell holds a number, and which day it stands for is not certain. Format the column as a date, or write days as "2026-11-24"
error-cell-day-not-text = The cell is formatted as a date. Format it as text and fill it in again
error-cell-too-long = Too long; check whether it is in the right column
error-row-beside = Something stands in a column without a heading; the row may have slipped. Check it
error-row-unclear = The row does not meet the rules; check it and fill it in again

error-id-number-characters = An ID number has digits only, and may end in X
error-id-number-fifteen-digits = Numbers of 15 digits are no longer used; enter the one of 18
error-id-number-length = An ID number has 18 characters
error-id-number-province = The first two digits are no province; check the number against the document
error-id-number-date = The day of birth in the number does not exist; check it against the document
error-id-number-birth-before1900 = The day of birth in the number lies before 1900; check it against the document
error-id-number-birth-in-future = The day of birth in the number is later than today; check it against the document
error-id-number-checksum = The last character does not fit the others; check the number against the document

error-not-your-staff = Nobody insured by your organisation today has this number. Check it; new staff must be registered for insurance first
error-insured-in-another-pool = This employee is insured in another pool; they, or the agency there, must file
error-overlap-own = Your organisation has filed for the same area and overlapping days ({ $receipt }). Check the days; to change a registration, file a change
error-overlap-other = This employee has a registration for the same area and overlapping days; check with them
error-twice-in-file = The same person as in row { $row } of this file, on overlapping days; keep one row

notice-batch-done-subject = Your list has been processed
notice-batch-done-body = Every row of the list you uploaded has been processed.
notice-batch-done-next = Sign in to see the result of each row. Rows that came back can be downloaded, corrected and uploaded again; rows that were filed are not filed twice.
notice-rows-filed = Filed: { $count }
notice-rows-rejected = Came back: { $count }
notice-rows-duplicate = Repeated, not filed again: { $count }
admin-notice-batch-done = A list has been processed

error-name-differs = The name is not the one in the register; check name and ID number against the document
error-phone-unknown = The register has no phone number of this employee; file with a full list that gives one
material-staff-list = Full list (days and phone numbers)
material-staff-list-hint = The employer completes it by uploading the full list; no file is uploaded here.
