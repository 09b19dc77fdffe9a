"""Time, memory and quality at 300 to 15,252 cadres, beside plain CP-SAT and a greedy planner. See README.md."""
