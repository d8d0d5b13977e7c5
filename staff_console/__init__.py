"""The librarian's web app: built by Vite from web/, served by site.py."""
