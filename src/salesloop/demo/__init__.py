"""The demo company 华曜打印科技: three believable years, made from a seed, exported as untidily as real companies do.

Nothing here is special to the product: the files go through the same import as anyone's.
"""
