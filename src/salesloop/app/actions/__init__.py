"""Actions: who does what until when, and whether it worked. The first register."""
