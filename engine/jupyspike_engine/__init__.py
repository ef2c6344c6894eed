"""The headless simulator: from equations with units to a network that runs at native speed."""
