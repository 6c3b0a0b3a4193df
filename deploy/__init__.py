"""What a machine is installed from; the trial of a cluster runs from here, too."""
