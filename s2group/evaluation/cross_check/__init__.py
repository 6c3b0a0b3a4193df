"""What a résumé says otherwise than the form: a hint with its place in the text, never a verdict."""
