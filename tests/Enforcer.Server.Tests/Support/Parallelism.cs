// The tests start whole servers and load them; two at once would only fight for the machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
