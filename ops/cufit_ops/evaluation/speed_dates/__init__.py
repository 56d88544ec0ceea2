"""How well the points tell who liked each other, on real speed dates that nobody here designed.

The file is that of Fisman, Iyengar, Kamenica and Simonson, "Gender Differences in Mate Selection:
Evidence from a Speed Dating Experiment" (Quarterly Journal of Economics 121(2), 2006): students in
New York, 2002 to 2004, known as "Speed Dating Data.csv" (8,378 rows). It is not part of this
project; docs/speed-dates.md says where people get it and what the figures do not tell."""
