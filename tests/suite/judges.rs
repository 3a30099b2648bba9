//! Software that others wrote judges what we issue.
