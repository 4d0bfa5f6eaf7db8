"""Where the car is, and how surely: satellite poses, wheel speed and steering fused with an honest covariance."""
