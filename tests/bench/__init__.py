"""./dev bench NAME: measurements that anyone can repeat, each beside what is to be reached."""
