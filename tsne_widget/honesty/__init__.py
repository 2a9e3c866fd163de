"""What may be read from a map: is there a gap, is it noise, what do the data say about its clumps?"""
