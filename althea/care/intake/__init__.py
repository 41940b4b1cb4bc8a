"""What is a woman asked before her first visit, and what may an answer become?"""
