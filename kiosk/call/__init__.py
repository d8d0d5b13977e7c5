"""The media side of a visit: the plan followed, one peer connection per generation, devices on and off."""
