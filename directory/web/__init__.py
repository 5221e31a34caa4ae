"""Flask plumbing: the request's unit of work, security headers, errors, assets, French figures and dates."""
