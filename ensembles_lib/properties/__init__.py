"""What is measured on a picture, with exact derivatives: tilt, length, area, colour of its parts."""
