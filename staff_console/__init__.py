"""The librarian's web app: its sources in `web/`, and the site that serves them."""
