"""What several benches need: filled instances, a site served on loopback, times, weights, a browser."""
