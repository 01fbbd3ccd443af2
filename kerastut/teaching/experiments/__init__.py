"""What chapters try out: on trainings, on files, on luck."""
