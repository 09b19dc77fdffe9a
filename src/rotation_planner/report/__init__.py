"""What is handed out: plan and verification as JSON, the workbook, summaries for terminal and notebook."""
