"""Which items report the same story: one story, told once.

Items belong to one story if their headlines are alike, within days; a shared address helps. Groups
grow by average linkage: each joins another only if their items are alike on average, so that one
item that resembles two stories does not make them one. Precision comes first: an item in doubt
stays alone, and one without a date always does.

    finder           the stories of all segments of a generation
    clustering       average linkage over the pairs
    likeness         how alike the items of each pair are
    headlines        the words of the headlines, from the columns of segments
    policy           the thresholds
    story_file       the file of a generation that holds them
"""
