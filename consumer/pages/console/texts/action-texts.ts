/** The log of actions. */
export const actionTexts = {
  view_actions: { en: 'Actions', 'zh-CN': '操作' },
  actionsTitle: { en: 'Who did what', 'zh-CN': '操作记录' },
  actionsEmpty: { en: 'Nothing was done yet.', 'zh-CN': '暂无操作。' },
  actionWho: { en: 'Who', 'zh-CN': '操作者' },
  actionWhat: { en: 'What', 'zh-CN': '操作' },
  actionTarget: { en: 'On what', 'zh-CN': '对象' },
  action_createStock: { en: 'Created a stock', 'zh-CN': '新建商品' },
  action_updateStock: { en: 'Changed a stock', 'zh-CN': '修改商品' },
  action_refundOrder: { en: 'Refunded an order', 'zh-CN': '退款' },
  action_exportOrders: { en: 'Exported orders', 'zh-CN': '导出订单' },
  action_startAudit: { en: 'Started an audit', 'zh-CN': '开始审计' },
  action_cancelAudit: { en: 'Cancelled an audit', 'zh-CN': '取消审计' },
  action_startExperiment: { en: 'Started an experiment', 'zh-CN': '开始实验' },
};
