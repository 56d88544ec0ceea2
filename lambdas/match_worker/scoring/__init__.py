"""What facts decide: hard rules, points and the ranking. No vendor."""
