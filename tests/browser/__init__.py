"""The pages in a real Chromium, served by a real `newsdex serve` over the seeds."""
