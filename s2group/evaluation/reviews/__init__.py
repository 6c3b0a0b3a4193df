"""What reviewers say of applications: marks by a rubric, notes, what they come to, and who may see that when."""
