"""The contract: scenario, policy and plan, with no rule, no solver and no file format."""
