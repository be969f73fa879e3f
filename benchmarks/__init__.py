"""Quality and speed of Briefbot beside other programs, measured in one run (`make bench`)."""
