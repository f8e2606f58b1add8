"""Did a measure move the very metric that raised it?"""
