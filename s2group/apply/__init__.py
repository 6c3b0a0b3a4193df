"""The applicant's pages: check, form, receipt."""
