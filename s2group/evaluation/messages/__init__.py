"""Mail that staff write to applicants: templates with merge fields, what they become, and the thread with each."""
