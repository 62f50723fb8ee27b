"""The folder of reports: pages of Markdown with their pictures, written as one and checked as one."""
