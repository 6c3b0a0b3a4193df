"""What a search shows, to be taken along: CSV, XLSX, the files as a ZIP archive, one PDF for each applicant."""
